/*
 * Small comforts. Every page works without this file: it keeps a form from being sent twice, shows the price of the
 * chosen version, keeps the total of the checkout in step with the chosen delivery and notices when a shop is back.
 */
for (const form of document.querySelectorAll('form[data-once]')) {
  form.addEventListener('submit', (event) => {
    if (form.dataset.sent === 'yes') {
      event.preventDefault();
      return;
    }
    form.dataset.sent = 'yes';
    form.querySelector('button[type=submit]')?.setAttribute('aria-disabled', 'true');
  });
}

// A page that comes back from the browser's memory may send its forms again.
addEventListener('pageshow', (event) => {
  if (!event.persisted) return;
  for (const form of document.querySelectorAll('form[data-once]')) {
    delete form.dataset.sent;
    form.querySelector('button[type=submit]')?.removeAttribute('aria-disabled');
  }
});

// The page of a shop that is away looks again by itself and reloads once the shop is back.
if (document.querySelector('[data-retry]')) {
  const lookAgain = async () => {
    const answer = await fetch(location.href, { method: 'HEAD' }).catch(() => null);
    if (answer?.ok) location.reload();
  };
  setInterval(() => void lookAgain(), 5_000);
}

const showVariant = (input) => {
  const price = document.querySelector('#price .price');
  const { max, priceText } = input.dataset;
  if (price && priceText) price.textContent = priceText;
  const quantity = input.form.elements.quantity;
  if (max) quantity.max = max;
  if (Number(quantity.value) > Number(max)) quantity.value = max;
};

const showDelivery = (input) => {
  for (const name of ['delivery', 'total']) {
    const place = document.querySelector(`[data-show="${name}"]`);
    if (place && input.dataset[name]) place.textContent = input.dataset[name];
  }
  for (const element of document.querySelectorAll('.no-script')) element.remove();
};

document.addEventListener('change', ({ target }) => {
  if (target.name === 'variant_id') showVariant(target);
  if (target.name === 'shipping_option') showDelivery(target);
});
